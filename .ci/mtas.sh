# Exim, OpenSMTPD and Dovecot's LMTP and SASL for the extension checks, beside the servers of servers.sh. The packages of
# the MTAs exclude each other, so these two are unpacked, not installed.
AUTH_PORT=${AUTH_PORT:-2465} SUBMISSION_PORT=${SUBMISSION_PORT:-2587} LMTP_PORT=${LMTP_PORT:-2424}

certificate() { # NAME CERT KEY
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" \
    -addext "subjectAltName=DNS:$1" -keyout "$3" -out "$2" 2>/dev/null
}

unpack_packages() { # DIR PACKAGE...
  local dir=$1; shift
  mkdir -p "$dir/deb"
  (cd "$dir/deb" && { apt-get download -qq "$@" >/dev/null 2>&1 || { apt-get update -qq && apt-get download -qq "$@" >/dev/null 2>&1; }; })
  for deb in "$dir"/deb/*.deb; do dpkg -x "$deb" "$dir"; done
}

user() { id "$1" >/dev/null 2>&1 || useradd -r -U -M -d /nonexistent -s /usr/sbin/nologin "$1"; }

# Accepts mail for exim.test into its queue and logs each MAIL and RCPT command.
start_exim() { # ADDRESS
  local e=$SERVERS/exim
  install_packages libidn12 libidn2-0 libgnutls30 libgnutls-dane0 libnsl2 libdb5.3 libpcre2-8-0
  unpack_packages "$e" exim4-daemon-light exim4-base
  user Debian-exim
  mkdir -p "$e/spool" "$e/log"; chown Debian-exim:Debian-exim "$e/spool" "$e/log"
  cp "$SERVERS/exim.key" "$e/key.pem"; chown Debian-exim "$e/key.pem"
  cat > "$e/exim.conf" <<CONF
primary_hostname = mx.exim.test
exim_path = $e/usr/sbin/exim4
spool_directory = $e/spool
log_file_path = $e/log/%slog
pid_file_path = $e/exim.pid
local_interfaces = $1
daemon_smtp_ports = $SMTP_PORT
disable_ipv6
host_lookup =
rfc1413_query_timeout = 0s
queue_only
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
tls_advertise_hosts = *
tls_certificate = $SERVERS/exim.pem
tls_privatekey = $e/key.pem
log_selector = +8bitmime +pipelining +tls_cipher +smtp_protocol_error +received_recipients
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
begin acl
mail:
  accept logwrite = command: \$smtp_command
rcpt:
  warn logwrite = command: \$smtp_command
  deny local_parts = ^refused
       message = 5.1.1 no such user here
  accept domains = exim.test
CONF
  chown root:root "$e/exim.conf"
  "$e/usr/sbin/exim4" -C "$e/exim.conf" -bd < /dev/null
  wait_port "$1" "$SMTP_PORT" exim
}

stop_exim() { [ -e "$SERVERS/exim/exim.pid" ] && kill "$(cat "$SERVERS/exim/exim.pid")" 2>/dev/null; return 0; }

# Accepts mail for opensmtpd.test into its queue and traces the dialogue.
start_opensmtpd() { # ADDRESS
  local o=$SERVERS/opensmtpd
  install_packages libevent-2.1-7 libssl3 libdb5.3 zlib1g
  unpack_packages "$o" opensmtpd libopensmtpd0
  user opensmtpd; user opensmtpq
  mkdir -p "$o/spool" /var/lib/opensmtpd/empty; chmod 711 "$o/spool"
  chmod 600 "$SERVERS/opensmtpd.key"
  printf 'user-1\nuser-2\nuser-3\nuser-4\n' > "$o/users"
  cat > "$o/smtpd.conf" <<CONF
pki mx.opensmtpd.test cert "$SERVERS/opensmtpd.pem"
pki mx.opensmtpd.test key "$SERVERS/opensmtpd.key"
listen on $1 port $SMTP_PORT tls pki mx.opensmtpd.test hostname mx.opensmtpd.test
smtp max-message-size 35M
action "hold" relay host smtp://127.0.0.1:9
match from any for rcpt-to regex "^refused" reject
match from any for domain "opensmtpd.test" action "hold"
CONF
  # Its queue has a fixed place: this process alone sees ours there.
  mkdir -p /var/spool/smtpd /usr/libexec/opensmtpd
  unshare -m sh -c "mount --bind '$o/spool' /var/spool/smtpd && mount --bind '$o/usr/libexec/opensmtpd' /usr/libexec/opensmtpd && \
    echo \$\$ > '$o/pid' && exec '$o/usr/sbin/smtpd' -d -T smtp -f '$o/smtpd.conf'" > "$o/log" 2>&1 < /dev/null &
  wait_port "$1" "$SMTP_PORT" opensmtpd
}

stop_opensmtpd() { [ -e "$SERVERS/opensmtpd/pid" ] && kill "$(cat "$SERVERS/opensmtpd/pid")" 2>/dev/null; return 0; }

# Dovecot as an LMTP server and as the SASL service of Postfix.
start_dovecot_lmtp() {
  local d=$SERVERS/dovecot
  mkdir -p "$d/run"
  for u in shop user-1 user-2 user-3; do
    echo "$u:{PLAIN}secret:$(id -u nobody):$(getent group nogroup | cut -d: -f3)::$SERVERS/mail/$u"
  done > "$d/users"
  cat > "$d/dovecot.conf" <<CONF
protocols = lmtp
base_dir = $d/run
state_dir = $d/run
log_path = $d/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
auth_debug = yes
auth_username_format = %Ln
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$SERVERS/mail/%u
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {
  driver = passwd-file
  args = $d/users
}
userdb {
  driver = passwd-file
  args = $d/users
}
service lmtp {
  inet_listener lmtp {
    port = $LMTP_PORT
  }
}
service auth {
  unix_listener auth-smtp {
    path = $SERVERS/postfix/queue/private/auth
    mode = 0666
  }
}
service anvil {
  chroot =
}
CONF
  /usr/sbin/dovecot -c "$d/dovecot.conf"
  wait_port 127.0.0.1 "$LMTP_PORT" dovecot
}
