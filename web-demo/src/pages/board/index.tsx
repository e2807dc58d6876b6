import { Route, Switch } from "wouter";
import { CallDetails } from "./call-details.tsx";
import { CallList } from "./call-list.tsx";

/** The live board: all calls, or one of them. */
export default function BoardPage() {
  return (
    <Switch>
      <Route path="/:callId">{({ callId }) => <CallDetails key={callId} callId={decodeURIComponent(callId)} />}</Route>
      <Route>
        <CallList />
      </Route>
    </Switch>
  );
}
