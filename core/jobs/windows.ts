/** Days and minutes, as UTC has them, in which jobs are counted. */

const WINDOWS = {
  perMinute: { seconds: 60, begin: 'YYYY-MM-DDTHH:MM', since: 'the minute began' },
  perDay: { seconds: 24 * 3600, begin: 'YYYY-MM-DD', since: 'midnight UTC' },
} as const;

/** As limits are named that bound what is submitted in one. */
export type WindowName = keyof typeof WINDOWS;

export interface Window {
  /** Names it in keys of the table. */
  begin: string;
  /** Since when it counts, in words. */
  since: string;
  /** Epoch seconds. */
  endsAt: number;
}

/** The one that a time is in. */
export function windowOf(name: WindowName, time: string): Window {
  const { seconds, begin, since } = WINDOWS[name];
  const endsAt = (Math.floor(Date.parse(time) / 1000 / seconds) + 1) * seconds;
  return { begin: time.slice(0, begin.length), since, endsAt };
}

/** Until it ends; at least one. */
export const secondsLeftOf = ({ endsAt }: Window, time: string): number => Math.ceil(endsAt - Date.parse(time) / 1000);
