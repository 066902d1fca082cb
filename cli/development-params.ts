export async function bringDevelopmentParams(): Promise<void> {}
