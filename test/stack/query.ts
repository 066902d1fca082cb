/** Query parameters as API Gateway hands them to a function; null if there are none. */
export const multiValueQuery = (query: Record<string, string> | null): Record<string, string[]> | null =>
  query && Object.keys(query).length > 0
    ? Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]]))
    : null;
