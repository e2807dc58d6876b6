import { Alert, Button, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useTexts } from "../i18n/language.tsx";
import { frameMessages } from "./messages.ts";

/** Keeps a page or a dialog that fails, or that cannot be loaded, from taking the frame with it. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { error: unknown }) {
  const texts = useTexts(frameMessages);
  return (
    <Stack align="flex-start">
      <Alert role="alert" color="red" title={texts.broken}>
        <Text size="sm">{texts.brokenFix}</Text>
        <Text size="xs">{error instanceof Error ? error.message : String(error)}</Text>
      </Alert>
      <Button onClick={() => location.reload()}>{texts.reload}</Button>
    </Stack>
  );
}
