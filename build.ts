import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const root = import.meta.dirname;
const dist = join(root, 'dist');

/**
 * Takes the JavaScript of better-sqlite3 into the bundle and leaves its binary where npm put it. Bundled, opening the
 * database costs a tenth less of a run's processor time and a megabyte less of its memory: a dozen small files need
 * not be found and read. The package finds its binary from where its own code lies, so it is told where that is.
 */
const nativeBinary: Plugin = {
  name: 'native-binary',
  setup({ onLoad }) {
    onLoad({ filter: /better-sqlite3[/\\]lib[/\\]binding\.js$/ }, async ({ path }) => {
      let code = await readFile(path, 'utf8');
      for (const [theirs, ours] of shortcuts) {
        if (!code.includes(theirs)) throw new Error(`${path} finds its binary in a new way; see build.ts`);
        code = code.replaceAll(theirs, ours);
      }
      return { contents: `${placeOfBinary}\n${code}` };
    });
  },
};

/** What better-sqlite3 writes there, and what stands in its place. */
const shortcuts: readonly (readonly [string, string])[] = [
  ['__dirname', 'lib'],
  ["require('path')", 'paths'],
  ['= require(filename)', '= loaded(filename)'],
  ['= require(getPrebuildPath()', '= loaded(getPrebuildPath()'],
];

/**
 * Looks for the package in the folders above, as Node does, but without its resolver and its path functions. So many
 * characters go through those that V8 optimises them in each run, which takes 2 ms and 2 MB.
 */
const placeOfBinary = `
const { existsSync } = process.getBuiltinModule('node:fs');
let above = programFolder;
while (above !== '' && !existsSync(above + '/node_modules/better-sqlite3')) above = above.slice(0, above.lastIndexOf('/'));
const lib = above + '/node_modules/better-sqlite3/lib';
const paths = { join: (...parts) => parts.join('/'), resolve: (path) => path };
const loaded = (file) => {
  const addon = { exports: {} };
  process.dlopen(addon, file);
  return addon.exports;
};`;

/**
 * Takes Node's own modules as objects. An import statement makes Node read every property of the module to export it,
 * and `node:fs` has getters that load half of the streams: a tenth of what a run costs.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\](?:[\w-]+[/\\])*[\w-]+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(namedBuiltins, asObject),
      loader: 'ts',
    }));
  },
};

/** `import { statSync, type Stats, join as joined } from 'node:fs';`, on one line or several. */
const namedBuiltins = /^import \{([^}]*)\} from '(node:[^']+)';$/gm;

function asObject(_statement: string, names: string, module: string): string {
  const values = names.split(',').filter((name) => !/^\s*type\s/.test(name));
  return `const {${values.join(',').replaceAll(' as ', ': ')}} = process.getBuiltinModule('${module}');`;
}

/**
 * What the CommonJS packages of a bundle call, and where they are; an ES module has none of its own.
 */
const surroundings = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const programFolder = import.meta.dirname;`;

/** Leaves an import of another entry as it is: the file of that name in dist/. */
function leave(entry: string): Plugin {
  return {
    name: `leave-${entry}`,
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`/${entry}\\.ts$`) }, () => ({ path: `./${entry}.js`, external: true }));
    },
  };
}

/**
 * CommonJS: an ES module as the first file costs a run 1 ms and 2 MB more. In the words of an old Node.js, which is to
 * read it and be told that it is too old.
 */
const main: BuildOptions = {
  entryPoints: { main: 'src/main.ts' },
  format: 'cjs',
  target: 'node12.20',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [leave('cli'), leave('wrapper'), leave('tick')],
};

/** Chunks for the command line, where each command loads its own. What the wrapper loads by need is loaded by its name. */
const commandLine: BuildOptions = {
  entryPoints: {
    cli: 'src/cli.ts',
    mail: 'src/notify/mail.ts',
    'table-evidence': 'src/upkeep/missed/table-evidence.ts',
    'table-drift': 'src/upkeep/drift/table-drift.ts',
  },
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  banner: { js: surroundings },
  plugins: [plainBuiltins, nativeBinary],
};

/**
 * One script for the wrapper and one for the tick, whose value is a function: V8 can keep of a script all that it compiled while it ran, and
 * Node keeps of a module only what was compiled before. src/compiled.ts calls it.
 */
const scripts: BuildOptions = {
  entryPoints: { 'wrapper.script': 'src/wrapper.ts', 'tick.script': 'src/tick.ts' },
  format: 'cjs',
  banner: { js: '(function (given) {\n"use strict";\nconst { require, module, programFolder, load } = given;' },
  footer: { js: '})' },
  define: { 'import.meta.dirname': 'programFolder' },
  plugins: [plainBuiltins, nativeBinary, leave('mail'), leave('table-evidence'), leave('table-drift')],
};

async function bundle(options: BuildOptions): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node22',
    logOverride: { 'require-resolve-not-external': 'silent' },
    logLevel: 'warning',
    ...options,
    metafile: true,
  });
  return metafile.outputs;
}

/**
 * A script has no import, so it calls what it is given. A hash stands before it as a comment: by that, compiled.ts knows
 * which compiled code belongs to it.
 */
function finishScript(path: string): void {
  const text = readFileSync(path, 'utf8').replaceAll('import("./', 'load("./');
  writeFileSync(path, `//${createHash('sha256').update(text).digest('hex')}\n${text}`);
}

function summary(outputs: Metafile['outputs'], started: number): string {
  const files = Object.values(outputs);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `dist: ${files.length} files, ${Math.round(bytes / 1000)} kB, ${Math.round(performance.now() - started)} ms`;
}

const started = performance.now();
rmSync(dist, { recursive: true, force: true });
try {
  const outputs = await Promise.all([main, commandLine, scripts].map(bundle));
  for (const name of ['wrapper', 'tick']) finishScript(join(dist, `${name}.script.js`));
  process.stdout.write(`${summary(Object.assign({}, ...outputs), started)}\n`);
} catch (error) {
  // esbuild has shown its own findings already.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
