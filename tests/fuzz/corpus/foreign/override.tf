# An override, with what may stand around it.
locals {
  note = <<-EOT
    ${ <<INNER
    EOT
INNER
    } $${ } %{ if true }x%{ endif }
  EOT
  text = "{ ${ { a = "}" } } \" \u0041 %%{"
}
resource cloudflare_dns_record "\u0077ww_example_org" {
  content = "192.0.2.1" // }
}
data "cloudflare_zone" "example_org" { /* } */ }
moved {
  from = cloudflare_dns_record . www_example_org
  to   = module.dns.cloudflare_dns_record.www_example_org
}
import { to = cloudflare_record.www_example_org["a"] }
removed { from = "cloudflare_dns_record.www_example_org" }
