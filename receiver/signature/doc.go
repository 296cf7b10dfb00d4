// Package signature signs UP42's webhook deliveries and verifies their signatures.
//
// # The scheme
//
// If a webhook has a secret, its deliveries have two headers:
//
//	Signature-Input: up42-sig=("date" "digest");created=1789999998
//	Signature: up42-sig=v1mbObZZ1md/7Vnbhmp9faiTU0thEJ989ae0vLlnWWI=
//
// Signature-Input is a structured-fields dictionary (RFC 8941). Its list names the
// covered headers, called components. The string to sign is the values of these
// headers in this order, with nothing between them. The signature is HMAC-SHA256 over
// this string with the webhook's secret, in padded base64. UP42 documents the scheme by
// the snippets in github.com/up42/up42-webhooks. It looks like RFC 9421 but is older:
// the string to sign and the form of the signature differ from the RFC.
//
// # What the scheme does not protect
//
// The signature covers neither the list nor `created`, nor where one value ends and the
// next begins, nor the body. [Verifier.Verify] makes up for that as far as it can:
//
//   - Only a covered digest header proves the body. Digest (RFC 3230) and
//     Content-Digest (RFC 9530) are compared with the body if they are there;
//     [Result.BodyCovered] says whether one of them was covered.
//   - Whoever has a signed request can divide its signed bytes among other headers. So
//     each covered value must have the form of its header, each covered header must
//     occur exactly once, and [Policy.Components] can require an exact list.
//   - Whoever has a signed request can send it again with a new `created`. So a covered
//     date must be recent as well. If no date is covered, the timestamp in a covered body
//     must be from about now; otherwise [Result.Age] says that the age is not proved.
//     Only a caller that remembers past deliveries can prevent the rest.
//   - Method, path and query are never covered.
//
// The section “Signature” of receiver/README.md has the sources of the rules.
package signature
