import type { Pause } from '../store/pauses.ts';
import type { Format } from './run-view.ts';
import type { PauseView } from './views.ts';

export function pauseView({ scope, name, reason, by, since, until }: Pause, format: Format): PauseView {
  return { scope, name, reason, by, since: format(since), until: until === null ? null : format(until) };
}
