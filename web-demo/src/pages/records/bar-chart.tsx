import { useComputedColorScheme } from "@mantine/core";
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from "chart.js";
import { useEffect, useRef } from "react";
import { useTimes } from "../../i18n/time.ts";
import classes from "./records.module.css";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

/** Bars of one colour. */
export interface Series {
  name: string;
  /** A colour of the theme. */
  color: string;
  values: number[];
}

/** Stacked bars. The same numbers belong beside it as text: to a screen reader it is a picture. */
export function BarChart({ label, labels, series }: { label: string; labels: string[]; series: Series[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme("light");
  const times = useTimes();
  useEffect(() => {
    if (canvas.current === null) return;
    const ofTheme = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);
    const text = ofTheme("--mantine-color-text");
    const line = ofTheme("--console-line");
    const chart = new Chart(canvas.current, {
      type: "bar",
      data: {
        labels,
        datasets: series.map(({ name, color, values }) => ({
          label: name,
          data: values,
          backgroundColor: ofTheme(`--mantine-color-${color}-${scheme === "dark" ? 5 : 6}`),
          maxBarThickness: 56,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        font: { family: ofTheme("--mantine-font-family") },
        interaction: { mode: "index" },
        plugins: {
          legend: { display: series.length > 1, position: "bottom", labels: { color: text, boxWidth: 14 } },
        },
        scales: {
          x: { stacked: true, ticks: { color: text }, grid: { display: false }, border: { color: line } },
          y: {
            stacked: true,
            ticks: { color: text, precision: 0, callback: (value) => times.number(Number(value)) },
            grid: { color: line },
            border: { display: false },
          },
        },
      },
    });
    return () => chart.destroy();
  }, [labels, series, scheme, times]);
  return (
    <div className={classes.chart}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
