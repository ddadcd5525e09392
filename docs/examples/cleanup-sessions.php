<?php

// Deletes expired sessions, all of them or none. SESSIONS_DSN names the database, as PDO does; MySQL needs
// SESSIONS_USER and SESSIONS_PASSWORD as well.

declare(strict_types=1);

/** Tells cronwright what the task is doing. Without cronwright, or once it is gone, it does nothing. */
final class EventLogger
{
    /** @var resource|false */
    private $stream;

    public function __construct()
    {
        $path = (string) getenv('CRONWRIGHT_EVENTS');
        // php://fd/3 is the open descriptor; opening /dev/fd/3 anew would wait for ever if cronwright was killed.
        $this->stream = $path === '' ? false : @fopen(str_replace('/dev/fd/', 'php://fd/', $path), 'a');
    }

    /** @param array<string, mixed> $event such as ['progress' => 0.4] */
    public function tell(array $event): void
    {
        $line = json_encode($event, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES);
        if ($this->stream !== false && @fwrite($this->stream, "$line\n") === false) {
            $this->stream = false;
        }
    }

    public function message(string $level, string $message): void
    {
        $this->tell(['level' => $level, 'message' => $message]);
    }
}

/** Deletes in batches, each reported, and returns how many sessions are gone. */
function deleteExpired(PDO $db, int $now, EventLogger $events): int
{
    $find = $db->prepare('SELECT id FROM sessions WHERE expires_at < ?');
    $find->execute([$now]);
    $ids = $find->fetchAll(PDO::FETCH_COLUMN);
    $events->message('info', count($ids) . ' sessions have expired');

    $deleted = 0;
    $db->beginTransaction();
    foreach (array_chunk($ids, 500) as $number => $batch) {
        $marks = implode(', ', array_fill(0, count($batch), '?'));
        // The time is asked again, because a session may have been renewed since.
        $delete = $db->prepare("DELETE FROM sessions WHERE id IN ($marks) AND expires_at < ?");
        $delete->execute([...$batch, $now]);
        $deleted += $delete->rowCount();
        $events->tell(['progress' => ($number * 500 + count($batch)) / count($ids)]);
    }
    $db->commit();

    return $deleted;
}

// At its timeout a task gets TERM. The exception leads to the rollback below.
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, fn () => throw new RuntimeException('ended by TERM'));
}

$events = new EventLogger();
$db = null;
try {
    $user = getenv('SESSIONS_USER') ?: null;
    $password = getenv('SESSIONS_PASSWORD') ?: null;
    $db = new PDO((string) getenv('SESSIONS_DSN'), $user, $password, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $deleted = deleteExpired($db, time(), $events);
    $events->tell(['result' => ['deleted' => $deleted]]);
    echo "deleted $deleted expired sessions\n";
} catch (Throwable $error) {
    // The message comes first: with the connection gone, the rollback fails too, and the database makes its own.
    $events->message('error', $error->getMessage());
    fwrite(STDERR, $error->getMessage() . "\n");
    if ($db?->inTransaction()) {
        $db->rollBack();
    }
    exit(1);
}
