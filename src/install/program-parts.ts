import { accessSync, constants, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The files of which a launcher makes a process when cron starts it: itself, the program, the binary of its database and
 * Node.js. They are looked for as bin/cronwright and the program do: to ask them would start them.
 * @param launcher Absolute.
 */
export function* programParts(launcher: string): Generator<string> {
  yield launcher;
  const home = dirname(dirname(realpathSync(launcher)));
  yield join(home, 'package.json');
  const isBuilt = existsSync(join(home, 'dist/main.cjs'));
  yield* filesBelow(join(home, isBuilt ? 'dist' : 'src'));
  yield* librariesOf(home, isBuilt);
  const node = nodeOf(home);
  if (node !== undefined) yield node;
}

/** A build has all but one library in itself; a checkout loads them from where npm put them. */
function* librariesOf(home: string, isBuilt: boolean): Generator<string> {
  const database = 'node_modules/better-sqlite3';
  const holder = [...foldersUpFrom(home)].find((folder) => existsSync(join(folder, database)));
  if (holder === undefined) return;
  yield* filesBelow(join(holder, database, 'prebuilds'));
  if (isBuilt) return;
  const libraries = join(holder, 'node_modules');
  for (const name of readdirSync(libraries)) yield join(libraries, name);
}

function* foldersUpFrom(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

function* filesBelow(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    yield join(entry.parentPath, entry.name);
  }
}

/** The order is that of bin/cronwright, with the PATH that cron promises. */
function nodeOf(home: string): string | undefined {
  const beside = /^(?:(?:(.*)\/lib\/node_modules)|(.*\/node_modules))\/cronwright$/.exec(home);
  const [, prefix, siblings] = beside ?? [];
  const ofSiblings = siblings ?? (prefix === undefined ? undefined : `${prefix}/lib/node_modules`);
  return [
    `${home}/node_modules/node/bin/node`,
    ...(ofSiblings === undefined ? [] : [`${ofSiblings}/node/bin/node`]),
    ...(prefix === undefined ? [] : [`${prefix}/bin/node`]),
    '/usr/bin/node',
    '/bin/node',
    '/usr/local/bin/node',
  ].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
