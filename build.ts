import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, type Metafile, type Plugin } from 'esbuild';

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
      return { contents: code.replaceAll('__dirname', "path.dirname(require.resolve('better-sqlite3'))") };
    });
  },
};

/** What the CommonJS packages of the bundle call; an ES module has none of its own. */
const require =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/** The wrapper is bundled by itself: sharing its modules with the rest would scatter them over a dozen files. */
const wrapperApart: Plugin = {
  name: 'wrapper-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/wrapper\.ts$/ }, () => ({ path: './wrapper.js', external: true }));
  },
};

async function bundle(entry: string, plugins: Plugin[]): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    chunkNames: '[name]-[hash]',
    banner: { js: require },
    plugins,
    logOverride: { 'require-resolve-not-external': 'silent' },
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}

function summary(metafiles: readonly Metafile[], started: number): string {
  const sizes = new Map(
    metafiles.flatMap(({ outputs }) => Object.entries(outputs).map(([path, { bytes }]) => [path, bytes] as const)),
  );
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return `dist: ${sizes.size} files, ${Math.round(bytes / 1000)} kB, ${Math.round(performance.now() - started)} ms`;
}

const started = performance.now();
rmSync(dist, { recursive: true, force: true });
try {
  const metafiles = await Promise.all([
    bundle('src/main.ts', [nativeBinary, wrapperApart]),
    bundle('src/wrapper.ts', [nativeBinary]),
  ]);
  process.stdout.write(`${summary(metafiles, started)}\n`);
} catch (error) {
  // esbuild has shown its own findings already.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
