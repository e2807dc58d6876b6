import { convertCssVariables, defaultCssVariablesResolver, mergeMantineTheme, DEFAULT_THEME } from "@mantine/core";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { contentSecurityPolicy } from "./src/content-security-policy.ts";
import { theme, themeVariables } from "./src/theme.ts";
import manifest from "../pkg/package.json" with { type: "json" };

/** The address of `trtc-call console`, for the development server to pass requests on to. */
const server = process.env["TRTC_CONSOLE"];

export default defineConfig({
  // The built page works below any path.
  base: "./",
  define: { __VERSION__: JSON.stringify(manifest.version) },
  // The core as a file, a quarter smaller on its way than as text in the code.
  resolve: { alias: [{ find: /^trtc-call$/, replacement: "trtc-call/slim" }] },
  plugins: [react(), themeStylesheet(), componentStyles(), securityPolicy()],
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 600 },
  server: {
    host: "127.0.0.1",
    fs: { allow: ["..", "."] },
    ...(server && { proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } } }),
  },
  preview: { host: "127.0.0.1" },
});

/** The theme's variables as a file: the policy allows no inline styles, which is how Mantine would add them. */
function themeStylesheet(): Plugin {
  const name = "virtual:theme.css";
  return {
    name: "theme-stylesheet",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const variables = defaultCssVariablesResolver(merged);
      const own = themeVariables(merged);
      return convertCssVariables(
        {
          variables: { ...variables.variables, ...own.variables },
          light: { ...variables.light, ...own.light },
          dark: { ...variables.dark, ...own.dark },
        },
        ":root",
      );
    },
  };
}

/** The styles of each of Mantine's components beside its code, so that a page loads those that it shows. */
function componentStyles(): Plugin {
  let isBuild = true;
  return {
    name: "component-styles",
    configResolved: ({ command }) => {
      isBuild = command === "build";
    },
    transform(code, id) {
      // The development server bundles the components beforehand: there, all styles come at once.
      if (!isBuild) return id.endsWith("/src/main.tsx") ? `import "@mantine/core/styles.css";\n${code}` : undefined;
      const component = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id)?.[1];
      return component && `import "@mantine/core/styles/${component}.css";\n${code}`;
    },
  };
}

/** For static hosting, where nobody sends the header. */
function securityPolicy(): Plugin {
  return {
    name: "security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}
