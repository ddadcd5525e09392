import { rmSync } from 'node:fs';
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
      const code = await readFile(path, 'utf8');
      if (!code.includes('__dirname')) throw new Error(`${path} finds its binary in a new way; see build.ts`);
      const place = "const __dirname = require('node:path').dirname(require.resolve('better-sqlite3'));";
      return { contents: `${place}\n${code}` };
    });
  },
};

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
 * What the CommonJS packages of the bundle call; an ES module has none of its own. It stands above the check of the
 * version too, and an older Node.js has no getBuiltinModule.
 */
const require = "const require = process.getBuiltinModule?.('node:module').createRequire(import.meta.url);";

/** Leaves an import of another entry as it is: the file of that name in dist/. */
function leave(entry: string): Plugin {
  return {
    name: `leave-${entry}`,
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`/${entry}\\.ts$`) }, () => ({ path: `./${entry}.js`, external: true }));
    },
  };
}

/** Chunks for the command line, where each command loads its own. Mail is loaded by its name, as the wrapper does. */
const commandLine: BuildOptions = {
  entryPoints: { main: 'src/main.ts', mail: 'src/notify/mail.ts' },
  splitting: true,
  chunkNames: '[name]-[hash]',
  plugins: [plainBuiltins, nativeBinary, leave('wrapper')],
};

/** One file for the wrapper: what it shares with the commands would else lie scattered over a dozen. */
const wrapper: BuildOptions = {
  entryPoints: { wrapper: 'src/wrapper.ts' },
  plugins: [plainBuiltins, nativeBinary, leave('mail')],
};

async function bundle(options: BuildOptions): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    banner: { js: require },
    logOverride: { 'require-resolve-not-external': 'silent' },
    logLevel: 'warning',
    ...options,
    metafile: true,
  });
  return metafile.outputs;
}

function summary(outputs: Metafile['outputs'], started: number): string {
  const files = Object.values(outputs);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `dist: ${files.length} files, ${Math.round(bytes / 1000)} kB, ${Math.round(performance.now() - started)} ms`;
}

const started = performance.now();
rmSync(dist, { recursive: true, force: true });
try {
  const outputs = await Promise.all([bundle(commandLine), bundle(wrapper)]);
  process.stdout.write(`${summary(Object.assign({}, ...outputs), started)}\n`);
} catch (error) {
  // esbuild has shown its own findings already.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
