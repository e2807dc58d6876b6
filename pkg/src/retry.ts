/** How often and how patiently to try what is safe to try again. */
export interface RetryPolicy {
  /** Attempts in all, the first included; 1 never retries. Default 3. */
  maxAttempts?: number;
  /** The most to wait before the second attempt, in milliseconds; doubled for each further one. Default 200. */
  baseDelay?: number;
  /** The most to wait before any attempt, in milliseconds. Default 5000. */
  maxDelay?: number;
}
