import { Drawer } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./details-drawer.module.css";

/** Everything about one thing, beside the list that it is in. */
export function DetailsDrawer({
  title,
  closeLabel,
  onClose,
  children,
}: {
  title: string;
  closeLabel: string;
  onClose(): void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg" lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content aria-labelledby={id}>
        {/* Mantine's own header would be a second banner of the page. */}
        <div className={classes.head}>
          <h2 id={id}>{title}</h2>
          <Drawer.CloseButton aria-label={closeLabel} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
