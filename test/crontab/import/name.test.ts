import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinctNames, proposedName } from '../../../src/crontab/import/name.ts';

const names: readonly (readonly [command: string, name: string])[] = [
  ['/usr/local/bin/backup', 'backup'],
  ['/srv/Nightly_Report.sh --all >/dev/null 2>&1', 'nightly-report'],
  ['cd /var/www/shop && php artisan schedule:run >> /dev/null 2>&1', 'schedule-run'],
  ['cd /srv/app && .venv/bin/python manage.py clearsessions', 'clearsessions'],
  ['php bin/console app:import --env=prod', 'app-import'],
  ['php -f /var/www/nextcloud/cron.php', 'nextcloud-cron'],
  ['/usr/bin/php8.2 -d memory_limit=-1 bin/magento cron:run', 'magento-cron-run'],
  ['wp --path=/var/www/blog cron event run --due-now', 'wp-cron-event-run'],
  ['cd / && run-parts --report /etc/cron.hourly', 'cron-hourly'],
  ['test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }', 'cron-daily'],
  ['curl -fsS "https://shop.example.com/cron?key=1" > /dev/null', 'shop-example-com'],
  ['wget -qO- http://user@host.example:8080/x', 'host-example'],
  ['flock -n /tmp/x.lock timeout -k 5 10m nice -n 19 /srv/sync-prices', 'sync-prices'],
  ["flock -n /tmp/x.lock -c '/srv/b --one && /srv/c'", 'b'],
  ["sudo -u www-data bash -lc 'cd /x && ./import.sh'", 'import'],
  ['FOO=bar env -i PATH=/bin /srv/clean', 'clean'],
  ['python3 -m jobs.cleanup --days 30', 'jobs-cleanup'],
  ['RAILS_ENV=production bundle exec rake db:vacuum', 'db-vacuum'],
  ['npm run sitemap', 'sitemap'],
  ['docker exec -u www-data shop php artisan queue:prune', 'queue-prune'],
  ['java -Xmx1g -jar /srv/importer.jar', 'importer'],
  ["perl -e 'sleep int(rand(43200))' && certbot -q renew", 'certbot-renew'],
  ['sleep 30; "$HOME"/bin/half-minute.py', 'half-minute'],
  ['./_._', ''],
  [`/srv/${'x'.repeat(100)}`, 'x'.repeat(63)],
];

for (const [command, name] of names) {
  test(`${command.slice(0, 60)} is called ${name === '' ? 'nothing' : name.slice(0, 30)}`, () => {
    assert.equal(proposedName(command), name);
  });
}

test('Equal names get a number, within the length of a name, and an entry without one goes by its line', () => {
  const long = 'x'.repeat(63);
  const all = ['a', 'a', 'a-2', '', long, long].map((name, index) => ({ name, line: index + 1 }));
  assert.deepEqual(distinctNames(all), ['a', 'a-2', 'a-2-2', 'line-4', long, `${'x'.repeat(61)}-2`]);
});
