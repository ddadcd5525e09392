import { randomInt } from 'node:crypto';

/** Crockford's base 32: no letter that is read or typed for another. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const timeDigits = 9;
const randomDigits = 4;

/** A run's name: thirteen characters that sort by time, unique without asking anybody. */
export function newRunId(now: number): string {
  return base32(now, timeDigits) + base32(randomInt(digits.length ** randomDigits), randomDigits);
}

function base32(number: number, length: number): string {
  let text = '';
  for (let left = number; text.length < length; left = Math.floor(left / digits.length)) {
    text = (digits[left % digits.length] ?? '') + text;
  }
  return text;
}
