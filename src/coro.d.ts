// Runtime models are bundled as text: importing a .coro file gives its source.
declare module '*.coro' {
  const source: string;
  export default source;
}
