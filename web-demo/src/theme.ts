import { type ConvertCSSVariablesInput, createTheme, type MantineTheme } from "@mantine/core";

/** The look of the console. Changes of it reach the page through a stylesheet made at build time. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Hiragino Sans", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
  components: {
    Badge: { defaultProps: { tt: "none", fw: 600 } },
    // Mantine's way to lock the page behind a dialog is an inline style.
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
});

/** Where Mantine's own colours have too little contrast for small text (WCAG 2.2, 1.4.3). */
export function themeVariables({ colors }: MantineTheme): ConvertCSSVariablesInput {
  const shade = (color: string, index: number) => colors[color]?.[index] ?? "";
  const tints = Object.keys(colors).filter((color) => color !== "dark" && color !== "gray");
  return {
    variables: {},
    light: {
      ...Object.fromEntries(
        tints.flatMap((color) => [
          [`--mantine-color-${color}-light`, shade(color, 0)],
          [`--mantine-color-${color}-light-hover`, shade(color, 1)],
          [`--mantine-color-${color}-light-color`, `color-mix(in srgb, ${shade(color, 9)}, black 30%)`],
        ]),
      ),
      "--mantine-color-dimmed": shade("gray", 7),
      "--mantine-color-placeholder": shade("gray", 7),
      "--mantine-color-error": shade("red", 9),
      "--mantine-color-anchor": shade("indigo", 8),
      "--console-surface": "#ffffff",
      "--console-ground": shade("gray", 0),
      "--console-line": shade("gray", 3),
    },
    dark: {
      "--mantine-color-dimmed": shade("dark", 1),
      "--mantine-color-placeholder": shade("dark", 1),
      "--mantine-color-error": shade("red", 4),
      "--mantine-color-anchor": shade("indigo", 3),
      "--console-surface": shade("dark", 7),
      "--console-ground": shade("dark", 8),
      "--console-line": shade("dark", 4),
    },
  };
}
