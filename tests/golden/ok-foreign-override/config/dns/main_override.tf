# Terraform merges this into records.tf.json.
resource "cloudflare_dns_record" "www_example_org" {
  content = "6.6.6.6"
}
resource "cloudflare_dns_record" "mail" {
  content = "192.0.2.2"
}
data "cloudflare_zone" "example_org" {
  filter = { name = "example.com" }
}
