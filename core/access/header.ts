/** Where an API key is sent. In HTTP the case is all the same. */
export const API_KEY_HEADER = 'x-api-key';
