export const secondsSince = (then: string, now: Date): number => (now.getTime() - Date.parse(then)) / 1000;
