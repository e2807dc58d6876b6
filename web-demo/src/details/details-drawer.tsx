import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./details-drawer.module.css";

/** Everything about one thing, beside the list that it is in. Closed, it gives the focus back. */
export function DetailsDrawer({
  opened,
  title,
  closeLabel,
  onClose,
  children,
}: {
  opened: boolean;
  title: string;
  closeLabel: string;
  onClose(): void;
  children: ReactNode;
}) {
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size="lg" lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Mantine's own header would be a second banner of the page. */}
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={closeLabel} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
