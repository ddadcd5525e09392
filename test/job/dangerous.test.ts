import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDangerousName } from '../../src/job/dangerous.ts';

test('what loads code or changes the meaning of a program is dangerous', () => {
  const names =
    'LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GCONV_PATH GLIBC_TUNABLES BASH_ENV ENV IFS PS4';
  const more = 'SHELLOPTS BASHOPTS BASH_FUNC_ls NODE_OPTIONS PYTHONSTARTUP PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS';
  for (const name of `${names} ${more}`.split(' ')) assert.equal(isDangerousName(name), true, name);
});

test('what jobs need every day is not, nor what only looks alike', () => {
  const names =
    'PATH HOME SHELL LANG LC_ALL TZ TERM PYTHONPATH PERL5LIB NODE_PATH NODE_ENV DB_HOST ENVIRONMENT OLD_PATH ld_preload';
  for (const name of names.split(' ')) assert.equal(isDangerousName(name), false, name);
});
