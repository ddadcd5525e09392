import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOfOthers, isTickOfOthers } from '../../src/crontab/ticks.ts';

const own = '* * * * * /bin/cronwright tick';
const theirs = '* * * * * /bin/cronwright --state /srv/state tick';
const job = '0 3 * * * /bin/cronwright run --scheduled shop/a';
const theirJob = '@reboot /opt/cronwright --state /srv/state run --at-boot farm/b';

describe('the tick of another state directory', () => {
  it('serves the jobs of the table that are started from there', () => {
    assert.equal(isTickOfOthers(theirs, own, [job, own, theirs, theirJob]), true);
    assert.equal(isTickOfOthers(own, theirs, [job, own, theirs, theirJob]), true);
    assert.equal(isTickOfOthers(theirs.replace('* /', '* root /'), own, [theirJob]), true);
  });

  it('is none where no job is started from there, where it is the own one, and where somebody edited it', () => {
    assert.equal(isTickOfOthers(theirs, own, [job, own, theirs]), false);
    assert.equal(isTickOfOthers(theirs, theirs, [theirs, theirJob]), false);
    assert.equal(isTickOfOthers(theirs.replace('*', '*/5'), own, [theirs, theirJob]), false);
    assert.equal(isTickOfOthers(theirJob, own, [theirs, theirJob]), false);
  });
});

describe('a block', () => {
  it('is of others where its jobs are started from another state directory, and else may be one’s own', () => {
    assert.equal(isOfOthers([theirJob], own), true);
    assert.equal(isOfOthers([theirJob], theirs), false);
    assert.equal(isOfOthers([job], own), false);
    assert.equal(isOfOthers([], own), false);
    assert.equal(isOfOthers(['1 1 * * * z'], own), false);
  });
});
