# Real mail servers on loopback for the interop checks: nsd (DNS), Postfix (MX and bouncing relay), Dovecot (IMAP).
# Sourced by the steps. Everything lives below $SERVERS; nothing of the machine's own mail setup is touched.
# Ports: DNS 127.0.0.1:5453, SMTP 127.0.0.1:2525, IMAP 127.0.0.1:1143; the environment may name others.

SERVERS=${SERVERS:-$(mktemp -d /tmp/deliverability-servers.XXXXXX)}
DNS_PORT=${DNS_PORT:-5453} SMTP_PORT=${SMTP_PORT:-2525} IMAP_PORT=${IMAP_PORT:-1143}
chmod 755 "$SERVERS"

install_packages() {
  local missing=()
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "installing ${missing[*]}"
  # A daemon that the package would start is refused: the steps start their own.
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

wait_port() { # HOST PORT NAME
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null && return 0; sleep 0.1; done
  echo "FAILED: $3 does not listen on $1:$2" >&2; return 1
}

start_nsd() { # zone lines come on stdin, for the zone "test."
  mkdir -p "$SERVERS/nsd"
  { echo '$ORIGIN test.'; echo '$TTL 60'; echo '@ IN SOA ns.test. root.test. 1 60 60 60 60'; echo '@ IN NS ns.test.'; echo 'ns IN A 127.0.0.1'; cat; } > "$SERVERS/nsd/test.zone"
  cat > "$SERVERS/nsd/nsd.conf" <<CONF
server:
  ip-address: 127.0.0.1@$DNS_PORT
  username: ""
  chroot: ""
  zonesdir: "$SERVERS/nsd"
  database: ""
  pidfile: "$SERVERS/nsd/nsd.pid"
  xfrdfile: "$SERVERS/nsd/xfrd.state"
  zonelistfile: "$SERVERS/nsd/zone.list"
  logfile: "$SERVERS/nsd/nsd.log"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: test.
  zonefile: test.zone
CONF
  /usr/sbin/nsd -c "$SERVERS/nsd/nsd.conf"
  wait_port 127.0.0.1 $DNS_PORT nsd
}

# Postfix as the MX of recipients.test (accepts every user, bounces the unknown ones later by DSN, refuses
# refused-* at RCPT) and as the mail host of sender.test, whose bounce mailbox Dovecot serves.
# The environment may change its name, domains and TLS level, make it log each command, and add lines to its files.
start_postfix() {
  local p=$SERVERS/postfix name=${POSTFIX_NAME:-mx.recipients.test}
  mkdir -p "$p"/{conf,queue,data} "$SERVERS/mail"
  chmod 755 "$p" "$p/conf"
  chown postfix "$p/data"; chown -R nobody:nogroup "$SERVERS/mail"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout "$p/conf/key.pem" -out "$p/conf/cert.pem" 2>/dev/null
  cat > "$p/conf/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $p/queue
data_directory = $p/data
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = $p/mail.log
maillog_file_prefixes = $p
myhostname = $name
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
recipient_delimiter = +
virtual_mailbox_domains = ${POSTFIX_DOMAINS:-recipients.test, sender.test}
virtual_mailbox_base = $SERVERS/mail
virtual_mailbox_maps = static:none, texthash:$p/conf/mailboxes
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(getent group nogroup | cut -d: -f3)
virtual_minimum_uid = 1
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = check_recipient_access texthash:$p/conf/refused, reject_unauth_destination
smtpd_tls_security_level = ${POSTFIX_TLS:-encrypt}
smtpd_tls_cert_file = $p/conf/cert.pem
smtpd_tls_key_file = $p/conf/key.pem
smtpd_tls_loglevel = 1
smtpd_peername_lookup = no
smtputf8_autodetect_classes = all
bounce_queue_lifetime = 1h
${POSTFIX_MAIN:-}
CONF
  sed -i 's/static:none, //' "$p/conf/main.cf"
  : > "$p/conf/mailboxes"; : > "$p/conf/refused"
  cat > "$p/conf/master.cf" <<CONF
127.0.0.1:$SMTP_PORT inet n - n - - smtpd${POSTFIX_SMTPD_FLAGS:+ $POSTFIX_SMTPD_FLAGS}
${POSTFIX_MASTER:-}
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
CONF
  # Mailboxes and refused users come from the step: one address a line in these files, before this is called.
  [ -n "${MAILBOXES:-}" ] && cp "$MAILBOXES" "$p/conf/mailboxes"
  [ -n "${REFUSED:-}" ] && cp "$REFUSED" "$p/conf/refused"
  postfix -c "$p/conf" start 2>/dev/null
  wait_port 127.0.0.1 $SMTP_PORT postfix
}

# User "bounces", password "secret", Maildir $SERVERS/mail/bounces. POP3 too where POP3_PORT is set, and XOAUTH2 with tokens that
# the issuer at TOKEN_PORT knows where that is.
start_dovecot() {
  local d=$SERVERS/dovecot
  mkdir -p "$d/run"
  echo "bounces:{PLAIN}secret:$(id -u nobody):$(getent group nogroup | cut -d: -f3)::$SERVERS/mail/bounces" > "$d/users"
  printf '%s\n' "introspection_url = http://127.0.0.1:${TOKEN_PORT:-0}/introspect" 'introspection_mode = auth' \
    'username_attribute = user' 'active_attribute = active' 'active_value = true' > "$d/oauth2.conf"
  cat > "$d/dovecot.conf" <<CONF
protocols = imap${POP3_PORT:+ pop3}
base_dir = $d/run
state_dir = $d/run
log_path = $d/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {
  driver = passwd-file
  args = $d/users
}
${TOKEN_PORT:+auth_mechanisms = plain xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $d/oauth2.conf
\}}
userdb {
  driver = passwd-file
  args = $d/users
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $IMAP_PORT
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = ${POP3_PORT:-0}
  }
  inet_listener pop3s {
    port = 0
  }
}
service anvil {
  chroot =
}
CONF
  /usr/sbin/dovecot -c "$d/dovecot.conf"
  wait_port 127.0.0.1 $IMAP_PORT dovecot
}

stop_servers() {
  [ -e "$SERVERS/dovecot/dovecot.conf" ] && doveadm -c "$SERVERS/dovecot/dovecot.conf" stop 2>/dev/null
  [ -e "$SERVERS/postfix/conf/main.cf" ] && postfix -c "$SERVERS/postfix/conf" abort 2>/dev/null
  [ -e "$SERVERS/nsd/nsd.pid" ] && kill "$(cat "$SERVERS/nsd/nsd.pid")" 2>/dev/null
  return 0
}
