// How many requests the signer of the vendor's SDK signs in a second.
// Usage: node vendor_tc3.cjs PACKAGE_FOLDER
'use strict'

const { default: Sign } = require(`${process.argv[2]}/tencentcloud/common/sign`)

// As in crates/core/benches/tc3.rs: the same input, the best of 100 slices of 5 ms, and a clock that goes on
// by a second with each request. The body is given as bytes, so that it is not serialised each time.
const payload = Buffer.from('{"SdkAppId":1400000000,"RoomId":"10001","RoomIdType":0,"UserId":"robot","UserSig":"eJwtzEELgjAYxvHvsnPInG7vnLcuQVQQ2aWLWNtqSjLmlCD67pl6en6-w-M","StreamUrl":"https://example.com/a.mp3"}')
let now = 0
const sign = () => Sign.sign3({
  method: 'POST',
  url: 'https://trtc.tencentcloudapi.com/',
  payload,
  timestamp: 1700000000 + now++ % 6000,
  service: 'trtc',
  secretId: 'AKIDEXAMPLE0000000000000000000000000',
  secretKey: 'SecretKeyExample0000000000000000',
  headers: { 'Content-Type': 'application/json' }
})
if (!sign().includes('SignedHeaders=content-type;host, Signature=')) throw new Error('not the signature that is compared')

function slice () {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < 5) {
    for (let i = 0; i < 50; i++) sign()
    count += 50
  }
  return count / (performance.now() - start) * 1000
}

const perSecond = Math.max(...Array.from({ length: 100 }, slice))
console.log(`tc3.sign.vendor_node.per_second = ${Math.round(perSecond)}`)
