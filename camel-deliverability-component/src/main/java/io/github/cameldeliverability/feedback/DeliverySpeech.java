package io.github.cameldeliverability.feedback;

import java.util.List;

/**
 * What a sentence says of a delivery, by stems rather than by phrases: a word for delivering and, near it in the same
 * sentence, a word for failing, or for being late. Finds the wordings that {@link BouncePhrases} does not list; weaker
 * than these, since a parcel service speaks so too, and so only believed of mail systems. Stateless.
 */
final class DeliverySpeech {

    /** What was found, as bits of {@link #of}. */
    static final int FAILED = 1;

    static final int LATE = 2;

    /** How far apart the two words may be, in characters. */
    private static final int NEAR = 70;

    private static final int DELIVER = 1;
    private static final int NOT = 2;
    private static final int DELAY = 4;
    private static final int END = 8;

    private static final PhraseSet STEMS = PhraseSet.ofGroups(List.of(deliver(), not(), delay(), end()));

    private DeliverySpeech() {}

    /** @param lower the text in lower case with single blanks */
    static int of(String lower) {
        int found = 0;
        int deliver = -NEAR * 2;
        int not = -NEAR * 2;
        int late = -NEAR * 2;
        for (long hit = STEMS.next(lower, 0, 0); hit >= 0; hit = STEMS.next(lower, PhraseSet.position(hit), hit)) {
            int at = PhraseSet.position(hit);
            int groups = PhraseSet.groups(hit);
            if ((groups & END) != 0) {
                deliver = -NEAR * 2;
                not = -NEAR * 2;
                late = -NEAR * 2;
                continue;
            }
            deliver = (groups & DELIVER) != 0 ? at : deliver;
            not = (groups & NOT) != 0 ? at : not;
            late = (groups & DELAY) != 0 ? at : late;
            if (Math.abs(deliver - not) <= NEAR && at - Math.min(deliver, not) <= NEAR) {
                found |= FAILED;
            }
            if (Math.abs(deliver - late) <= NEAR && at - Math.min(deliver, late) <= NEAR) {
                found |= LATE;
            }
        }
        return found;
    }

    private static List<String> deliver() {
        return List.of(
                "deliver",
                "reach",
                "accepted",
                "zustell",
                "zugestellt",
                "ausgeliefert",
                "übermittel",
                "angenommen",
                "kam nicht an",
                "erreich",
                "remis",
                "distribu",
                "délivr",
                "acheminé",
                "acheminer",
                "parvenu",
                "envoyé",
                "entreg",
                "repartid",
                "enviad",
                "llegad",
                "recapit",
                "consegn",
                "accettat",
                "inviat",
                "chegou",
                "chegar",
                "dostarcz",
                "doręcz",
                "dotarł",
                "teslim",
                "iletil",
                "ulaş",
                "gönderil",
                "достав",
                "отправ",
                "передать",
                "передан",
                "надісла",
                "передати",
                "доруч",
                "надійшл",
                "дошло",
                "配信",
                "送信",
                "配達",
                "届",
                "送達",
                "送达",
                "投递",
                "投遞",
                "投送",
                "传递",
                "傳遞",
                "发送",
                "發送",
                "寄送",
                "배달",
                "전송",
                "전달",
                "발송",
                "doruč",
                "bezorg",
                "afgelever",
                "levere",
                "levera");
    }

    private static List<String> not() {
        return List.of(
                " not ",
                "n't ",
                "cannot",
                "unable",
                "nobody",
                "failed",
                "failure",
                "impossible",
                " nicht ",
                " nicht.",
                "fehlgeschlagen",
                "gescheitert",
                "unmöglich",
                " n'a ",
                " n'ont ",
                " n'est ",
                " pas pu ",
                "échec",
                "échou",
                " no se ",
                " no pud",
                " no ha",
                " no fue",
                "imposible",
                " fall",
                " non è ",
                " non e' ",
                " non ha",
                "impossibile",
                "fallit",
                "mancat",
                " não ",
                " nao ",
                "falh",
                "impossível",
                " nie ",
                "niemożliw",
                "edilemed",
                "ilemed",
                "ılamad",
                "edilemi",
                "ilemiy",
                "ılamıy",
                "ulaşmad",
                "başarısız",
                " не ",
                "невозможно",
                "неможливо",
                "вдалося",
                "удалось",
                "сбой",
                "помилк",
                "ошибк",
                "できません",
                "できなかった",
                "ませんでした",
                "失敗",
                "エラー",
                "无法",
                "無法",
                "失败",
                "未能",
                "未成功",
                "不能",
                "못",
                "실패",
                "없습니다",
                "않았",
                "않음",
                "nepodařilo",
                "nebyl",
                " niet ",
                " kunne ikke ",
                " inte ");
    }

    private static List<String> delay() {
        return List.of(
                "delay",
                " yet ",
                " yet.",
                "keep trying",
                "still trying",
                "go on trying",
                "verzöger",
                "noch nicht",
                "retard",
                "pas encore",
                "retraso",
                "retrasa",
                "aún no",
                "todavía no",
                "ritard",
                "non ancora",
                "atras",
                "ainda não",
                "opóźn",
                "jeszcze nie",
                "gecik",
                "henüz",
                "задерж",
                "до сих пор не",
                "пока не ",
                "еще не",
                "ещё не",
                "затрим",
                "ще не ",
                "遅れ",
                "遅延",
                "まだ",
                "延迟",
                "延遲",
                "尚未",
                "지연",
                "아직");
    }

    /** Ends of sentences; a full stop inside an address or number is followed by no blank. */
    private static List<String> end() {
        return List.of(". ", "! ", "? ", "。", "！", "？");
    }
}
