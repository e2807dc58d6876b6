// First of all: nothing else is to see the ticket in the address.
import "./backend/ticket.ts";
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/global.css";
import "virtual:theme.css";
import "./frame/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
