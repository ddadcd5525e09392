import { letterText, subjectLine, width, words } from './layout.ts';
import type { Letter } from './letter.ts';
import { wrap } from './wrap.ts';

/** Who tries its mail, and where. */
export interface TestOccasion {
  readonly host: string;
  readonly project: string;
}

/** The mail by which a person sees whether a project’s mail arrives. */
export function testLetter({ host, project }: TestOccasion): Letter {
  const said = `This is a test of the mail of the project ${words(project)} of cronwright on ${words(host)}.`;
  const meaning =
    'Somebody asked for it with cronwright doctor --send-test-mail. Nothing is wrong, and no answer is needed: a report of ' +
    'a job that failed comes from the same address and the same way as this mail.';
  return {
    subject: subjectLine(`[${host}] test of the mail of ${project}`),
    text: letterText([wrap(said, width), wrap(meaning, width)]),
  };
}
