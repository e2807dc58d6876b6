import { useState } from "react";
import type { ApplicationProps } from "./application-fields.tsx";
import classes from "./tools.module.css";
import { UserSigInspector } from "./user-sig-inspector.tsx";
import { UserSigMaker } from "./user-sig-maker.tsx";

/** Makes UserSigs and says what they are worth. */
export function UserSigs(props: ApplicationProps) {
  const [token, setToken] = useState("");
  return (
    <div className={classes.columns}>
      <UserSigMaker {...props} onInspect={setToken} />
      <UserSigInspector {...props} token={token} onToken={setToken} />
    </div>
  );
}
