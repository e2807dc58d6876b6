import { useRef, useState } from "react";
import type { ApplicationProps } from "./application-fields.tsx";
import { PrivateMapKeyInspector } from "./private-map-key-inspector.tsx";
import { PrivateMapKeyMaker } from "./private-map-key-maker.tsx";
import classes from "./tools.module.css";

/** Makes PrivateMapKeys and says which rights they grant. */
export function PrivateMapKeys(props: ApplicationProps) {
  const [token, setToken] = useState("");
  const inspector = useRef<HTMLTextAreaElement>(null);
  const inspect = (made: string) => {
    setToken(made);
    inspector.current?.focus();
  };
  return (
    <div className={classes.columns}>
      <PrivateMapKeyMaker {...props} onInspect={inspect} />
      <PrivateMapKeyInspector input={inspector} token={token} onToken={setToken} />
    </div>
  );
}
