/** Reading what may not be there, or not be readable. */
import { wrongOutput } from './error.ts';

/**
 * @param name of what is read, as messages name it
 * @throws CliError COMPILER_OUTPUT
 */
export async function read<T>(name: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw wrongOutput(name, `it can't be read (${(error as Error).message}).`, error);
  }
}

/** As `read`. @returns undefined if there is no such file or folder. */
export const readIfThere = <T>(name: string, reading: Promise<T>): Promise<T | undefined> =>
  read(
    name,
    reading.catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    }),
  );
