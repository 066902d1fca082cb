export interface Finding {
  /** What was looked at. */
  check: string;
  ok: boolean;
  /** What is there. */
  found: string;
  /** What to do, where something is wrong. */
  advice?: string;
}

export const good = (check: string, found: string): Finding => ({ check, ok: true, found });

export const bad = (check: string, found: string, advice: string): Finding => ({ check, ok: false, found, advice });
