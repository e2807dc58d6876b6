// The codes of errors: the same strings in every language of this library.
import type { Effect } from "./errors.js";
import type { Open } from "./types.js";
import type { UserSigReason } from "./user-sig.js";
import { core } from "./wasm.js";

/** What is known about one `ErrorCode` of the service. */
export interface ErrorCodeEntry {
  /** The code. */
  code: number;
  /** A stable string for programs; also the `code` of a `ServerError`. */
  name: CommandErrorCode;
  /** What the service says with it. */
  meaning: string;
  /** What the caller can do. */
  whatToDo: string;
  /** What is known about the effect of a request that was answered so. */
  effect: Effect;
}

/**
 * Looks up an `ErrorCode` of the service, such as 70001.
 *
 * @returns `null` for a code that this package does not know.
 */
export function explainErrorCode(code: number): ErrorCodeEntry | null {
  return core().explainErrorCode(code);
}

/** Any code. One that a later release brings is a string like any other. */
export type ErrorCode = Open<
  | "invalid_request"
  | "outcome_unknown"
  | TransportErrorCode
  | ParseErrorCode
  | CommandErrorCode
  | ActionErrorCode
  | UserSigReason
  | PrivateMapKeyReason
>;

/** Why no reply came. */
export type TransportErrorCode =
  | "connect_failed"
  | "timeout"
  | "connection_interrupted"
  | "cancelled"
  | "rate_limit_wait";

/** What is wrong with a reply. */
export type ParseErrorCode = "http_status" | "reply_not_json" | "reply_envelope" | "reply_payload";

/** Why a token is no PrivateMapKey, nor one that cannot be read. */
export type PrivateMapKeyReason =
  | "no_user_buffer"
  | "user_buffer_too_short"
  | "user_buffer_trailing_bytes"
  | "user_buffer_unknown_version"
  | "user_buffer_no_such_room"
  | "user_buffer_not_utf8"
  | "grant_of_other_user"
  | "grant_of_other_app";

/** The names of a command's error codes, and of a code that this package does not know. */
export type CommandErrorCode =
  | "http_unparseable"
  | "json_unparseable"
  | "account_or_signature_invalid"
  | "account_or_signature_mismatch"
  | "sdk_app_id_invalid"
  | "call_frequency_limit"
  | "service_timeout"
  | "no_such_resource"
  | "needs_app_admin"
  | "app_frequency_limit"
  | "sdk_app_id_missing"
  | "reply_unparseable"
  | "account_switching_timeout"
  | "account_not_a_string"
  | "sdk_app_id_disabled"
  | "request_disabled"
  | "too_frequent"
  | "too_frequent_overall"
  | "package_expired"
  | "ip_not_allowed"
  | "url_parameters_invalid"
  | "other_region"
  | "wrong_product"
  | "trial_quota_exceeded"
  | "user_sig_expired"
  | "user_sig_empty"
  | "user_sig_invalid"
  | "user_sig_wrong_key"
  | "user_sig_wrong_app"
  | "user_sig_other_user"
  | "user_sig_other_app"
  | "key_not_found"
  | "sdk_app_id_not_found"
  | "user_sig_checked_too_often"
  | "account_blocked"
  | "user_sig_revoked"
  | "account_not_found"
  | "account_service_timeout"
  | "too_many_accounts"
  | "account_parameters_invalid"
  | "account_needs_app_admin"
  | "account_service_internal_error"
  | "feature_not_in_package"
  | "feature_not_enabled"
  | "callback_internal_error"
  | "callback_invalid_parameter"
  | "callback_not_configured"
  | "call_engine_internal_error"
  | "call_engine_invalid_parameter"
  | "call_not_found"
  | "record_not_found"
  | "unknown_error_code";

/** The names of an action's error codes, and of a code that this package does not know. */
export type ActionErrorCode =
  | "cloud_action_offline"
  | "cloud_auth_failure"
  | "cloud_authorization_invalid"
  | "cloud_secret_id_invalid"
  | "cloud_secret_id_not_found"
  | "cloud_signature_expired"
  | "cloud_signature_wrong"
  | "cloud_token_wrong"
  | "cloud_identity_not_verified"
  | "cloud_unauthorized"
  | "cloud_dry_run"
  | "cloud_operation_failed"
  | "cloud_not_in_package"
  | "cloud_not_allowed"
  | "cloud_too_many_tasks"
  | "cloud_rate_limited"
  | "cloud_room_not_found"
  | "cloud_sdk_app_id_not_found"
  | "cloud_sdk_app_id_of_other_account"
  | "cloud_task_exists"
  | "cloud_task_finished"
  | "cloud_task_not_found"
  | "cloud_user_not_found"
  | "cloud_internal_error"
  | "cloud_action_invalid"
  | "cloud_invalid_parameter"
  | "cloud_invalid_request"
  | "cloud_ip_not_allowed"
  | "cloud_quota_exceeded"
  | "cloud_missing_parameter"
  | "cloud_product_not_found"
  | "cloud_version_not_found"
  | "cloud_operation_denied"
  | "cloud_request_too_large"
  | "cloud_resource_in_use"
  | "cloud_resource_insufficient"
  | "cloud_not_found"
  | "cloud_resource_unavailable"
  | "cloud_reply_too_large"
  | "cloud_unavailable"
  | "cloud_unknown_parameter"
  | "cloud_unsupported"
  | "cloud_protocol_unsupported"
  | "cloud_region_unsupported"
  | "cloud_error";
