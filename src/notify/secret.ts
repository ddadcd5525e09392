import type { Login } from './smtp-server.ts';

/** A text in which a login's password is covered, in each form in which a server could send it back. */
export function redact(text: string, login: Login | undefined): string {
  if (login === undefined) return text;
  return forms(login).reduce((covered, form) => covered.replaceAll(form, '***'), text);
}

/** As it is, in an address, and in the AUTH commands PLAIN and LOGIN (RFC 4616). */
function forms({ user, password }: Login): readonly string[] {
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  const login = Buffer.from(password).toString('base64');
  return [plain, login, encodeURIComponent(password), password].filter((form) => form !== '');
}
