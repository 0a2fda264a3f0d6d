import {
  to = cloudflare_dns_record.www_example_org
  id = "0123/4567"
}
moved {
  from = cloudflare_dns_record.mail
  to   = cloudflare_dns_record.post
}
