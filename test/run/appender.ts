// Appends numbered lines to an output file, as the wrapper of a run does, and prints each trouble that it is told.
// Arguments: the path, the size at which it rotates, the old files it keeps, the name of this writer, how many lines.
import { systemClock } from '../../src/clock.ts';
import { OutputFile } from '../../src/run/output-file.ts';

const [file = '', size, keep, name, lines] = process.argv.slice(2);
const rotate = { size: Number(size), keep: Number(keep) };
const output = new OutputFile({ file, rotate }, systemClock, (trouble) => process.stdout.write(`${trouble}\n`));
const text = Array.from({ length: Number(lines) }, (_, index) => `${name} ${index} ${'x'.repeat(index % 60)}.\n`).join(
  '',
);
// Pieces that end anywhere in a line.
for (let from = 0; from < text.length; from += 97) output.append(Buffer.from(text.slice(from, from + 97)));
output.close();
process.stdout.write('done\n');
