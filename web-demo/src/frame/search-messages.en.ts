export default {
  title: "Search everywhere",
  placeholder: "Page, user, CallId, or error code",
  found: "What was found",
  page: "Page",
  code: "Error code",
  call: "Call",
  inRecords: (words: string) => `Look for “${words}” in the records`,
  inRequests: (words: string) => `Look for “${words}” in the requests`,
  inWebhooks: (words: string) => `Look for “${words}” in the webhooks`,
};
