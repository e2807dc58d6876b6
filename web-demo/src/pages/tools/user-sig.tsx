import { useRef, useState } from "react";
import type { ApplicationProps } from "./application-fields.tsx";
import classes from "./tools.module.css";
import { UserSigInspector } from "./user-sig-inspector.tsx";
import { UserSigMaker } from "./user-sig-maker.tsx";

/** Makes UserSigs and says what they are worth. */
export function UserSigs(props: ApplicationProps) {
  const [token, setToken] = useState("");
  const inspector = useRef<HTMLTextAreaElement>(null);
  const inspect = (made: string) => {
    setToken(made);
    inspector.current?.focus();
  };
  return (
    <div className={classes.columns}>
      <UserSigMaker {...props} onInspect={inspect} />
      <UserSigInspector {...props} input={inspector} token={token} onToken={setToken} />
    </div>
  );
}
