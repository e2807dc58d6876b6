import { useState } from "react";
import { useBackend } from "../../backend/context.tsx";

/** Ends a call. That it has ended, the board hears as it hears of everything. */
export function useEndCall(callId: string, onEnded: () => void) {
  const backend = useBackend();
  const [isEnding, setIsEnding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const end = async () => {
    setIsEnding(true);
    setError(null);
    try {
      await backend.endCall(callId);
      onEnded();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsEnding(false);
    }
  };
  return { end, isEnding, error };
}
