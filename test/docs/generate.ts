import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withReference } from './reference.ts';

const page = join(import.meta.dirname, '../../docs/jobs-file.md');
writeFileSync(page, withReference(readFileSync(page, 'utf8')));
