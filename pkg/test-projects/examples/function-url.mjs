// Makes of each request what an AWS Lambda function URL makes of it (payload format 2.0), and of the result an answer.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { handler } = createRequire(import.meta.url)(process.argv[2]);

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname: path, search } = new URL(request.url, "http://x");
  const http = { method: request.method, path };
  const result = await handler({
    version: "2.0",
    rawPath: path,
    rawQueryString: search.slice(1),
    headers: request.headers,
    requestContext: { domainName: "abc.lambda-url.ap-southeast-1.on.aws", http },
    // Binary, or of no type that is text.
    body: Buffer.concat(chunks).toString("base64"),
    isBase64Encoded: true,
  });
  response.writeHead(result.statusCode, result.headers).end(result.body);
}).listen(Number(process.env.PORT), "127.0.0.1");
