/** ZKIR is bundled as the text that it is. */
declare module '*.zkir' {
  const text: string;
  export default text;
}
