/** Crockford's base 32: no letter that is read or typed for another. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const timeDigits = 9;
const randomDigits = 4;

/**
 * A run's name: thirteen characters that sort by time. Two of one millisecond are alike once in a million. It is no
 * secret, so that the random part need not be worth the 4 ms that it takes to load node:crypto.
 */
export function newRunId(now: number): string {
  return base32(now, timeDigits) + base32(Math.floor(Math.random() * digits.length ** randomDigits), randomDigits);
}

function base32(number: number, length: number): string {
  let text = '';
  for (let left = number; text.length < length; left = Math.floor(left / digits.length)) {
    text = (digits[left % digits.length] ?? '') + text;
  }
  return text;
}
