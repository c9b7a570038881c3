package io.github.cameldeliverability.feedback;

/**
 * The words by which reporting systems say that delivery failed or is late, in lower case. They tell that a mail is a
 * bounce, never why: reasons are the verdict engine's.
 */
final class BouncePhrases {

    /** A final failure. Each phrase alone means it when a mail system speaks. */
    static final PhraseSet FAILURE = new PhraseSet(
            // English
            "could not be delivered", "couldn't be delivered", "can not be delivered", "cannot be delivered",
            "can't be delivered", "was not delivered", "wasn't able to deliver", "not able to deliver", "unable to deliver",
            "was unable to deliver", "not been delivered to", "has not been delivered.", "were not delivered",
            "delivery has failed", "delivery failed", "failed permanently", "following address(es) failed",
            "following address failed", "following addresses failed", "did not reach", "could not be reached",
            "couldn't be reached", "has failed due to", "mail delivery failure", "delivery failure notification",
            "permanent fatal errors", "permanent delivery errors", "error has occurred while attempting to deliver", "permanent fatal delivery errors", "had delivery errors", "had delivery problems",
            "delivery problems", "error delivering your mail", "error occurred while attempting to deliver",
            "error occurred while trying to deliver", "trouble delivering", "an error was detected while processing",
            "returned because it encountered an error", "message not delivered", "unsent message", "undeliverable",
            "undelivered mail", "undelivered message", "could not deliver", "non-delivery report", "non-delivered information",
            "does not like recipient", "user's mailbox is full", "unknown user:", "invalid final delivery userid",
            "no such user here", "delivery to the following recipients was aborted", "delevery to the following recipients",
            "recipient addresses that were incorrectly constructed", "rejected by the local scanning code",
            "was automatically rejected", "was rejected by", "rejected and discarded", "email you sent was rejected",
            "mail you sent was rejected", "message was rejected", "failed recipients", "failed addresses", "failure reasons",
            "problem with the e-mail address", "the e-mail address(es) you're trying", "because they are not accepting mail",
            "is not a valid user", "is no longer valid", "did not exactly match", "error: invalid user address",
            "cannot send message for", "returned to sender", "undeliverable to", "undeliverable  to", "delivery failed 20",
            "has been returned to you", "this is a permanent error", "this is a permanent failure",
            "mail could not be sent", "message could not be sent", "wasn't sent", "could not send", "weren't sent",
            "you tried to contact", "couldn't be found", "wasn't found at", "address not found", "address couldn't be found",
            "sorry, no mailbox here", "the following recipients failed", "giving up", "delivery aborted",
            "delivery to these recipients", "failed to deliver", "not accepted for delivery", "has been rejected",
            "is not deliverable", "mailbox full", "mailbox is full", "over quota", "user unknown", "unknown recipient",
            "does not exist", "user doesn't have a", "unrouteable", "recipient address rejected", "host unknown",
            "transcript of session follows", "transcript of the session", "session transcript",
            "mail system error - returned mail", "account is disabled", "address rejected", "user not known",
            "non remis", "undelivered",
            // Russian, Ukrainian
            "не может быть доставлен", "не было доставлено", "не доставлено", "не удалось доставить", "не удалась",
            "невозможно доставить", "невозможно отправить", "ошибка доставки", "доставка не удалась", "не был доставлен",
            "сообщение не доставлено", "письмо не доставлено", "не вдалося доставити", "не доставлено", "не може бути доставлен",
            "помилка доставки", "не існує", "пользователь не найден",
            // German
            "konnte nicht zugestellt", "konnten nicht zugestellt", "nicht zugestellt werden", "unzustellbar",
            "kann nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "übermittlung fehlgeschlagen",
            "fehler bei der zustellung", "fehler bei der übermittlung", "konnte nicht übermittelt", "zustellung ist fehlgeschlagen",
            "nicht vorhanden",
            // French
            "n'a pas pu être remis", "n'a pas pu etre delivre", "n'a pas pu etre remis", "n'a pas pu être délivré", "n'a pas été remis",
            "n'a pas pu être distribué", "n'a pas été délivré", "échec de la remise", "échec de remise", "n'a pu être remis",
            "impossible de remettre", "non distribué", "n'existe pas", "échec de la distribution", "n'a pas pu être envoyé",
            "n'ont pas pu être remis", "non remis",
            // Spanish
            "no pudo ser entregado", "no se pudo entregar", "no se ha podido entregar", "no ha podido ser entregado",
            "error al entregar", "no se puede entregar", "no entregado", "no fue entregado", "no se ha entregado",
            "error en la entrega", "no existe", "no pudo entregarse", "no ha sido entregado",
            // Italian
            "non può essere consegnato", "non è stato recapitato", "non è stato possibile recapitare", "mancato recapito",
            "impossibile recapitare", "non è stato consegnato", "non è stato possibile consegnare", "mancata consegna",
            "non puo' essere consegnato", "recapito non riuscito",
            // Portuguese
            "não pôde ser entregue", "não pode ser entregue", "nao pode ser enviada", "não foi entregue", "falha na entrega",
            "não foi possível entregar", "não pôde ser enviada", "nao pode ser entregue", "não foi possível enviar",
            // Polish, Czech
            "nie mogła zostać dostarczona", "nie została dostarczona", "nie można dostarczyć", "nie udało się dostarczyć",
            "niedostarcz", "błąd dostarczania", "nedoručiteln", "nelze doručit", "nebyla doručena", "nepodařilo se doručit",
            "neexistuje",
            // Dutch, Swedish, Danish, Norwegian, Finnish
            "kan niet worden bezorgd", "kon niet worden bezorgd", "niet worden afgeleverd", "onbestelbaar",
            "kunde inte levereras", "kan inte levereras", "gick inte att leverera", "kunne ikke leveres", "kan ikke leveres",
            "olevereret", "ei voitu toimittaa",
            // Turkish
            "teslim edilemedi", "iletilemedi", "gönderilemedi", "ulaştırılamadı", "teslim edilememiş",
            // Japanese
            "送信できませんでした", "配信できませんでした", "届けることができません", "配送できませんでした", "送信に失敗", "配信に失敗",
            "お届けできません", "送信エラー", "配信不能", "エラーのため送信", "見つかりませんでした", "存在しない", "リストにありません",
            "不達", "返送", "配達できません", "配信されませんでした",
            // Chinese
            "无法投递", "无法送达", "投递失败", "退信", "无法传递", "发送失败", "未能送达", "無法傳遞", "無法投遞", "無法送達", "退回",
            "不存在", "無法寄達", "传送失败", "未送达", "投遞失敗",
            // Korean
            "배달하지 못했습니다", "전송하지 못했습니다", "전송되지 못했습니다", "배달되지 않았습니다", "전송 실패", "발송에 실패", "배달 실패",
            "반송", "전달되지 않았습니다", "존재하지 않", "전송에 실패", "전달할 수 없", "배달할 수 없");

    /** Still trying; decides over {@link #FAILURE} when both are there. */
    static final PhraseSet DELAY = new PhraseSet(
            "has been delayed", "have been delayed", "is delayed for more", "has not yet been delivered",
            "have not yet been delivered", "not yet been delivered", "will be retried", "will continue to attempt",
            "delivery attempts will continue", "we will continue to try", "will keep trying", "this is a warning message only",
            "warning message only", "do not need to resend", "no action is required on your part", "still trying to deliver",
            "will try again", "has been postponed", "temporary failure report", "delivery is delayed", "delivery delayed",
            "could not send mail for past", "could not send message for past", "warning: could not send", "will be tried again",
            "delivery incomplete", "temporary problem delivering", "there was a temporary problem",
            "not yet delivered", "we'll keep trying",
            "wird weiterhin versucht", "verzögert", "noch nicht zugestellt",
            "n'a pas encore été remis", "retardé", "aún no se ha entregado", "se ha retrasado", "non è ancora stato recapitato",
            "ritardata", "ainda não foi entregue", "está atrasad", "jeszcze nie dostarczono", "opóźnion",
            "будут продолжены попытки", "попытки доставки будут", "пока не доставлено", "ещё не доставлено", "еще не доставлено",
            "задерживается", "ще не доставлено", "затримується", "henüz teslim edilemedi", "gecikti", "遅延", "再送を試み",
            "配信が遅れて", "延迟", "稍后重试", "延遲", "지연");

    /** A success report. */
    static final PhraseSet SUCCESS = new PhraseSet(
            "was successfully delivered", "has been successfully delivered", "were successfully delivered",
            "has been delivered to the following", "have been successfully relayed", "was successfully relayed",
            "successfully delivered to", "delivery to the following recipients succeeded", "return receipt",
            "wurde erfolgreich zugestellt", "a été remis avec succès", "se ha entregado correctamente");

    /** Words that join an address to a failure, in a sentence that says little else. */
    static final PhraseSet ABOUT_RECIPIENT = new PhraseSet(
            "unknown user", "undeliverable", "mailbox is full", "rejected recipient", "no such user", "addressed to",
            "quota violation", "user unknown", "your message to", "is unavailable: user not found", "intended recipient",
            "account is disabled", "not listed in", "recipient:");

    /** Subjects of reports, anywhere in the subject. */
    static final PhraseSet SUBJECT = new PhraseSet(
            "undeliver", "delivery status", "delivery failure", "delivery failed", "failure notice", "failure delivery",
            "returned mail", "mail delivery", "delivery problem", "delivery notification", "mail failure", "delivery has failed",
            "message delivery", "non-delivery", "nondeliver", "mail could not be delivered", "could not be delivered",
            "mail not delivered", "returning message to sender", "returned to sender", "failed mail", "mail failed",
            "failure notification", "mail error", "mail system error", "bounce notification", "bounced", "error sending your mail",
            "error during delivery", "permanent delivery failure", "processing error", "rejected mail", "not delivered",
            "user unknown", "delivery report", "email delivery failure", "delivery error", "could not send", "failed to deliver",
            "message undeliverable", "warning: message", "delivery delayed", "delayed mail", "delivery incomplete",
            "non remis", "loop alert", "mail delivery warning", "error:", "returned email", "email error", "failure:",
            "не доставлен", "недоставлен", "ошибка доставки", "сбой доставки", "недоставка", "возврат", "помилка доставки",
            "unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung", "unzustellbarkeit", "fehler bei der", "retour",
            "échec", "echec", "non distribu", "non remis", "notification d'état", "remise", "no entregad", "no se puede entregar",
            "no se pudo entregar", "error de entrega", "notificación de", "devuelto", "mancato recapito", "non recapitabile",
            "recapito", "mancata consegna", "falha na entrega", "não entregue", "nao entregue", "devolvid", "niedostarcz",
            "nie dostarczon", "zwrot", "nedoručiteln", "onbestelbaar", "niet bezorgd", "oleverer", "kunde inte", "teslim edilemedi",
            "iletilemedi", "配信", "送信", "エラー", "不達", "メールを送", "退信", "退回", "投递", "投遞", "系统退信", "无法", "無法", "반송",
            "전송 실패", "배달", "전달");

    private BouncePhrases() {}
}
