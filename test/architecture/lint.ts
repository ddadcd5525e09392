import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Snippet } from './breaches.ts';

const root = join(import.meta.dirname, '../..');

/** What the linter says about a place. */
export interface Said {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

interface Diagnostic {
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
  readonly advices: readonly { readonly text?: string }[];
}

/** Lints the files as if they were the whole project, with the project's own rules. */
export function lint(files: readonly Snippet[]): readonly Said[] {
  const tree = mkdtempSync(join(tmpdir(), 'cronwright-law-'));
  try {
    for (const name of ['biome.jsonc', 'import-law.grit', 'world-law.grit', 'package.json'])
      copyFileSync(join(root, name), join(tree, name));
    for (const { file, text } of files) {
      mkdirSync(join(tree, dirname(file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    return biome(tree);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function biome(tree: string): readonly Said[] {
  const program = join(root, 'node_modules/.bin/biome');
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings', '.'];
  const { stdout, stderr } = spawnSync(program, args, { cwd: tree, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (!stdout.startsWith('{')) throw new Error(`biome could not lint: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics.map(({ message, location, advices }) => ({
    file: location.path,
    line: location.start.line,
    message: [message, ...advices.map((advice) => advice.text ?? '')].join('\n'),
  }));
}
