import { Route, Switch } from "wouter";
import { CallDetails } from "./call-details.tsx";
import { CallList } from "./call-list.tsx";

/** A name out of an address that somebody may have typed. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The live board: all calls, or one of them. */
export default function BoardPage() {
  return (
    <Switch>
      <Route path="/:callId">{({ callId }) => <CallDetails key={callId} callId={decoded(callId)} />}</Route>
      <Route>
        <CallList />
      </Route>
    </Switch>
  );
}
