/// <reference types="vite/client" />

/** The version of the npm package that the page was built with. */
declare const __VERSION__: string;

declare module "virtual:theme.css";
