export interface Finding {
  /** What was looked at. */
  check: string;
  ok: boolean;
  /** Nothing was looked at, so nothing is known to be wrong. */
  skipped?: true;
  /** What is there. */
  found: string;
  /** What to do, where something is wrong. */
  advice?: string;
}

export const good = (check: string, found: string): Finding => ({ check, ok: true, found });

export const skipped = (check: string, reason: string): Finding => ({
  ...good(check, `not looked at: ${reason}`),
  skipped: true,
});

export const bad = (check: string, found: string, advice: string): Finding => ({ check, ok: false, found, advice });
