import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '../job/problem.ts';

/** Problems as a log of the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0). */
export function sarifLog(problems: readonly Problem[], version: string): object {
  const codes = [...new Set(problems.map((problem) => problem.code))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cronwright', version, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => result(problem, codes)),
      },
    ],
  };
}

function result(problem: Problem, codes: readonly string[]): object {
  const { code, severity, message, hint, line, column, length, source } = problem;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message} (${hint})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(problem.file) },
          region: { startLine: line, startColumn: column, endColumn: column + length, snippet: { text: source } },
        },
      },
    ],
  };
}

/** A path as SARIF wants it: relative ones stay so, for the reader's checkout to complete. */
function uri(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/');
}
